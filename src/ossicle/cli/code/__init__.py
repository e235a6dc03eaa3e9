"""Programs that upload a file to a presigned URL, printed by `presign put --code`.

`templates/` holds them, one for each language, complete but for a block of constants: `programs` fills that in, `literals` writes the
constants so that a compiler reads back what was signed.
"""

from ossicle.cli.code.programs import LANGUAGES, program_text

__all__ = ["LANGUAGES", "program_text"]
