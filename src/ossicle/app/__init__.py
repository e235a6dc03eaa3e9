"""The composition root: settings, the wiring of stores into services, start and stop.

Rules of the room:

1. Only this room reads the environment, and only this room names a store.
2. Every limit of the server is a setting here, with its unit in its name.
3. It builds things and hands them on; no rule of OSS is decided here.
4. Start-up prints where the secret is kept, never the secret.
"""
