"""Many small districts for a virtual day, with random faults (TEST-10): nothing is lost, and all ends as it should.

`districts.py` is what is true there, `faults.py` what goes wrong, `day.py` the clock, and `proofs.py` what must hold.
"""
