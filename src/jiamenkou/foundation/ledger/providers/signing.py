"""Signatures of WeChat Pay API v3 (开发指引 · 签名生成, 签名验证, 证书和回调报文解密).

RSA-SHA256 over lines that end with a line feed; what is secret comes sealed with AES-256-GCM under the APIv3 key.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SCHEME = "WECHATPAY2-SHA256-RSA2048"


def private_key(pem: str) -> rsa.RSAPrivateKey:
    """Raises ValueError for anything but an RSA key."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("an RSA private key is wanted")
    return key


def public_key(pem: str) -> rsa.RSAPublicKey:
    """Of a public key or of a certificate."""
    data = pem.encode()
    key = (
        x509.load_pem_x509_certificate(data).public_key()
        if b"CERTIFICATE" in data
        else serialization.load_pem_public_key(data)
    )
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("an RSA public key is wanted")
    return key


def sign(key: rsa.RSAPrivateKey, lines: Sequence[str]) -> str:
    """Base64 over the lines, each with its line feed."""
    return base64.b64encode(key.sign(_joined(lines), padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(key: rsa.RSAPublicKey, lines: Sequence[str], signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), _joined(lines), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def authorization(
    key: rsa.RSAPrivateKey, merchant: str, serial: str, method: str, target: str, body: str, timestamp: int
) -> str:
    """The value of the header of a request of ours; ``target`` is the path with its query."""
    nonce = secrets.token_hex(16)
    signature = sign(key, [method, target, str(timestamp), nonce, body])
    return (
        f'{SCHEME} mchid="{merchant}",nonce_str="{nonce}",signature="{signature}",'
        f'timestamp="{timestamp}",serial_no="{serial}"'
    )


def unseal(api_key: str, nonce: str, associated: str, ciphertext: str) -> bytes:
    """Raises ValueError where it was not sealed under this key."""
    try:
        return AESGCM(api_key.encode()).decrypt(nonce.encode(), base64.b64decode(ciphertext), associated.encode())
    except (InvalidTag, binascii.Error) as wrong:
        raise ValueError("not sealed under our key") from wrong


def _joined(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
