"""Time moves on: what happens to a district between two looks at it. Each file declares its own MOVES; this one
makes them."""

from typing import Any

from webapp.simulator.clever.feed import catch_up
from webapp.simulator.moves import identity, odd_classes, odd_sections, sections, sharing, students, teachers, year
from webapp.simulator.moves.mover import CannotMove as CannotMove
from webapp.simulator.moves.mover import Move, Mover
from webapp.simulator.moves.mover import Wish as Wish
from webapp.simulator.world import District

FILES = (students, teachers, sections, odd_sections, identity, sharing, year, odd_classes)
MOVES: dict[str, Move] = {name: move for file in FILES for name, move in file.MOVES.items()}


def make_move(district: District, wish: Wish) -> dict[str, Any]:
    """Let one thing happen, and tell it in words and ids."""
    if wish.move not in MOVES:
        raise CannotMove(f"There is no move called {wish.move!r}; there are: {', '.join(MOVES)}.")
    catch_up(district)  # what the switches changed before is another batch of Clever's events
    happened = MOVES[wish.move](Mover(district, wish))
    district.moves_made += 1
    district.told.append(happened["told"])
    district.touched()
    catch_up(district)
    return {"move": wish.move, **happened}
