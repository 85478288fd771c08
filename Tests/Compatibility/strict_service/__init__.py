"""A participant service that judges its client.

It checks every request against botocore's model and every upload against what was signed, keeps a list of what it found wrong, and
can misbehave in all the ways that the real service may: throttle, lose answers, break uploads, expire tokens, drop sockets.
"""

from strict_service.service import StrictService

__all__ = ["StrictService"]
