"""Ansible's own vault for many cases: JSON lines in, JSON lines out.

In:  {"do": "encrypt", "plain": B64, "password": B64, "id": TEXT or null, "salt": B64}
     {"do": "decrypt", "text": TEXT, "keys": [[ID, B64], ...], "strict": BOOL}
Out: {"text": TEXT}, {"plain": B64} or {"error": TEXT}
"""
import base64
import json
import sys

from ansible import constants
from ansible.parsing.vault import VaultLib, VaultSecret

decoded = base64.b64decode

for line in sys.stdin:
    case = json.loads(line)
    try:
        if case["do"] == "encrypt":
            secret = VaultSecret(decoded(case["password"]))
            text = VaultLib().encrypt(decoded(case["plain"]), secret, case["id"], decoded(case["salt"]))
            out = {"text": text.decode()}
        else:
            constants.DEFAULT_VAULT_ID_MATCH = case["strict"]
            keys = [(name, VaultSecret(decoded(password))) for name, password in case["keys"]]
            plain = VaultLib(keys).decrypt(case["text"])
            out = {"plain": base64.b64encode(plain).decode()}
    except Exception as error:  # whatever it is, it is Ansible's answer
        out = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(out))
