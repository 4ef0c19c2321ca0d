# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Is a webhook call really from lexoffice?"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def verify_signature(public_key_pem, body, signature_b64):
    """Check the ``X-Lxo-Signature`` header of a webhook call.

    RSA with SHA-512 and PKCS#1 v1.5 padding over the raw body. Fails closed: no
    key, a broken key, another kind of key or a broken signature are all False.
    The signature holds no time, so a replay passes; the caller must be able to
    take the same event twice.

    :param public_key_pem: str or bytes
    :param bytes body: exactly as received, before any JSON parsing
    :param signature_b64: str or bytes, the header's value
    :rtype: bool
    """
    try:
        if isinstance(public_key_pem, str):
            public_key_pem = public_key_pem.encode()
        if isinstance(signature_b64, str):
            signature_b64 = signature_b64.encode("ascii")
        key = load_pem_public_key(public_key_pem)
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        signature = base64.b64decode(signature_b64.strip(), validate=True)
        key.verify(signature, body, padding.PKCS1v15(), hashes.SHA512())
    except (
        AttributeError,
        TypeError,
        ValueError,
        binascii.Error,
        InvalidSignature,
        UnsupportedAlgorithm,
    ):
        return False
    return True
