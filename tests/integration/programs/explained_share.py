"""Makes every mistake of `tests.support.mistaken` at a server of its own and prints which were named right: `python -m` this module."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from ossicle.wire.explain import CATALOGUE
from tests.support.mistaken import CASES, Owner
from tests.support.server import ServerProcess


def main() -> int:
    """Print the share, and the mistakes that were not named right; exit with their number."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder) / "data") as server:
        for case in CASES:
            told = case.send(Owner.of(server))
            if told != case.cause:
                wrong.append(f"{case.name}: {told or 'nothing'} in place of {case.cause}")
    causes = Counter(case.cause for case in CASES)
    print(f"{len(CASES) - len(wrong)} of {len(CASES)} mistakes of real clients named right, {len(causes)} causes")
    print(f"{len(CATALOGUE)} causes in the catalogue")
    print("\n".join(wrong))
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
