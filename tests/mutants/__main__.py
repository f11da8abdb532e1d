"""Make every mutant, or those of the ids given, and show which test kills it: `python -m tests.mutants [ID ...]`."""

import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.mutant import Mutant
from tests.mutants.table import MUTANTS
from tests.mutants.workshop import PATIENCE_WITH_ALL, Verdict, Workshop
from tests.servers import running_servers

AT_ONCE = 2


def main(ids: Sequence[str]) -> int:
    """0 where each of these mutants is killed by a test that names its id."""
    chosen = [one for one in MUTANTS if not ids or one.id in ids]
    if faults := [f"{one.id} {one.says} {fault}" for one in chosen for fault in one.faults()]:
        return _refuse("These mutants do not fit the tree any more:", faults)
    if not chosen:
        return _refuse("No mutant has such an id. There are:", sorted({one.id for one in MUTANTS}))
    began = time.monotonic()
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="rollbook-mutants-"))
        servers = stack.enter_context(running_servers())
        shops = [stack.enter_context(Workshop(Path(scratch), f"gw{one}", servers)) for one in range(AT_ONCE)]
        if red := _red_without_mutants(shops, chosen):
            return _refuse("Without any mutant these tests are not green:", red)
        survivors = [verdict for verdict in _verdicts(shops, chosen) if not verdict.killed_by]
    killed = len(chosen) - len(survivors)
    print(f"\n{killed} of {len(chosen)} mutants killed in {time.monotonic() - began:.0f} s.")
    return 1 if survivors else 0


def _refuse(sentence: str, lines: Sequence[str]) -> int:
    print(sentence, *lines, sep="\n  ")
    return 1


def _red_without_mutants(shops: Sequence[Workshop], chosen: Sequence[Mutant]) -> list[str]:
    """What fails although nothing was changed, among the tests that are to kill."""
    files = sorted({name for one in chosen for name in one.tests})
    marks = {one.mark for one in chosen}
    parts = [(shop, some) for number, shop in enumerate(shops) if (some := files[number :: len(shops)])]
    with ThreadPoolExecutor(len(shops)) as pool:
        outcomes = pool.map(lambda part: part[0].run(part[1], marks, patience=PATIENCE_WITH_ALL), parts)
    return [outcome.told for outcome in outcomes if outcome.code not in {0, 5}]


def _verdicts(shops: Sequence[Workshop], chosen: Sequence[Mutant]) -> list[Verdict]:
    """Each mutant tried out in whichever copy is free, and told at once."""
    free: SimpleQueue[Workshop] = SimpleQueue()
    for shop in shops:
        free.put(shop)

    def try_out(mutant: Mutant) -> Verdict:
        shop = free.get()
        try:
            verdict = shop.try_out(mutant)
        finally:
            free.put(shop)
        _tell(verdict)
        return verdict

    with ThreadPoolExecutor(len(shops)) as pool:
        return list(pool.map(try_out, chosen))


def _tell(verdict: Verdict) -> None:
    mutant = verdict.mutant
    told = f"killed by {verdict.killed_by}" if verdict.killed_by else f"SURVIVED: {verdict.why_not}"
    print(f"{mutant.id:<7} {verdict.seconds:5.1f} s  {mutant.says}\n                 {told}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
