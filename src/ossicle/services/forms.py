"""A form on its way from a browser: its fields at hand, its file still to come."""

from collections.abc import AsyncIterator

from ossicle.services.body import Body
from ossicle.wire.errors import MalformedPOSTRequest
from ossicle.wire.form import Event, Field, Fields, FileStart, FormReader, PostPolicy, boundary_of


class Form:
    """A form whose fields were read. It is the body of its file, to be read once, like that of a PUT."""

    length = None
    """Only the end of the form tells how large the file is."""

    def __init__(
        self, fields: Fields, file: FileStart, begun: list[Event], chunks: AsyncIterator[bytes], reader: FormReader
    ) -> None:
        self.fields = fields
        self.file = file
        self.policy: PostPolicy | None = None
        self._begun = begun
        self._chunks = chunks
        self._reader = reader

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the file, and end with the form: one that breaks off after its file is none.

        Raises:
            EntityTooLarge, EntityTooSmall: the file is not of a size that the policy allows.
            IncompleteBody: the connection ended first.
            IncorrectNumberOfFilesInPOSTRequest, MalformedPOSTRequest: what comes is no form of one file.
        """
        size = 0
        async for event in self._events():
            if isinstance(event, Field | FileStart):
                continue
            size += len(event)
            if self.policy is not None:
                self.policy.judge_size(size, is_whole=False)
            yield event
        if self.policy is not None:
            self.policy.judge_size(size, is_whole=True)

    async def _events(self) -> AsyncIterator[Event]:
        for event in self._begun:
            yield event
        async for chunk in self._chunks:
            for event in self._reader.feed(chunk):
                yield event
        self._reader.end()


async def receive_form(body: Body, content_type: str | None) -> Form:
    """Read the fields of a form, up to where its file begins.

    Raises:
        RequestIsNotMultiPartContent, MalformedPOSTRequest: it is no form.
        IncompleteBody: the connection ended first.
        FieldItemTooLong, MaxPOSTPreDataLengthExceededError, IncorrectNumberOfFilesInPOSTRequest: as they say.
    """
    reader = FormReader(boundary_of(content_type))
    chunks = aiter(body)
    fields: list[tuple[str, bytes]] = []
    async for chunk in chunks:
        events = reader.feed(chunk)
        for index, event in enumerate(events):
            if isinstance(event, FileStart):
                return Form(Fields(fields), event, events[index + 1 :], chunks, reader)
            if isinstance(event, Field):
                fields.append((event.name, event.value))
    raise MalformedPOSTRequest
