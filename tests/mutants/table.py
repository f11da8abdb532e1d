"""Every mutant there is."""

from tests.mutants.applying import APPLYING
from tests.mutants.asking import ASKING
from tests.mutants.concluding import CONCLUDING
from tests.mutants.fetching import FETCHING
from tests.mutants.guarding import GUARDING
from tests.mutants.letting_in import LETTING_IN
from tests.mutants.separating import SEPARATING

MUTANTS = [*GUARDING, *APPLYING, *FETCHING, *ASKING, *CONCLUDING, *LETTING_IN, *SEPARATING]
