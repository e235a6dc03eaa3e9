"""What can go wrong on the client's own side. A refusal by the server is an `OssError`, see `wire.errors`.

```
ClientError
 ├─ ConfigError          (also a ValueError)  settings that name no server, or contradict each other
 ├─ CredentialsError                          nobody to sign as
 ├─ ParameterError       (also a ValueError)  a request that can't be sent, or a URL that can't be signed
 ├─ ConnectionFailed     (also an OSError)    the server was not reached, or the answer broke off
 │   └─ ConnectionTimedOut                    ... within the time the settings allow
 ├─ MalformedAnswer                           an answer that is not what OSS sends
 └─ InconsistentError                         bytes changed on their way: two checksums differ
```

No message holds a secret, a security token or a signature.
"""


class ClientError(Exception):
    """Everything that the client itself raises, but for a TypeError where an argument is of the wrong type."""


class ConfigError(ClientError, ValueError):
    """Settings that name no server, or contradict each other."""


class CredentialsError(ClientError):
    """Nobody to sign as: the provider has no credentials, or they are over."""


class ParameterError(ClientError, ValueError):
    """A request that can't be sent, or a URL that can't be signed."""


class ConnectionFailed(ClientError, OSError):
    """The server was not reached, or the answer broke off. Whether a write took effect is not known."""


class ConnectionTimedOut(ConnectionFailed):
    """Nothing moved for as long as the settings allow."""


class MalformedAnswer(ClientError):
    """An answer that is not what OSS sends: from something else that listens there, as a rule."""


class InconsistentError(ClientError):
    """Bytes changed on their way: the CRC-64 of what was sent and of what was received differ.

    An append that arrived so is there: sent again it would be refused, so `is_repeatable` is False.
    """

    def __init__(self, *, client_crc64: str, server_crc64: str, request_id: str, is_repeatable: bool = True) -> None:
        self.is_repeatable = is_repeatable
        self.client_crc64 = client_crc64
        self.server_crc64 = server_crc64
        self.request_id = request_id
        super().__init__(
            f"CRC-64 is {client_crc64} here and {server_crc64} at the server: bytes changed on their way; "
            f"request id {request_id or 'unknown'}"
        )
