"""KMS as boto3 and openssl use it: what is signed here is verified there, what is wrapped there is imported here."""

import os
import subprocess
from pathlib import Path

from cloud import advance, client, equal, refused, run

kms = client("kms")
DAY = 86_400


def make_key(**facts):
    return kms.create_key(**facts)["KeyMetadata"]["KeyId"]


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout


def written(name, data):
    Path(name).write_bytes(data)
    return name


def check_contexts_are_shown_again():
    key = make_key()
    context = {"app": "payroll", "stage": "live"}
    sealed = kms.encrypt(KeyId=key, Plaintext=b"attack at dawn", EncryptionContext=context)["CiphertextBlob"]
    equal(kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context)["Plaintext"], b"attack at dawn")
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
    refused(lambda: kms.decrypt(CiphertextBlob=sealed), "InvalidCiphertextException", 400)
    other = make_key()
    moved = kms.re_encrypt(CiphertextBlob=sealed, SourceEncryptionContext=context, DestinationKeyId=other)
    equal(kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])["KeyId"].split("/")[1], other)


def check_openssl_verifies_what_was_signed():
    message = written("message", b"pay to the bearer")
    for spec, algorithm, options in (
        ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256", []),
        ("RSA_3072", "RSASSA_PSS_SHA_384", ["-sigopt", "rsa_padding_mode:pss"]),
        ("ECC_NIST_P256", "ECDSA_SHA_256", []),
        ("ECC_SECG_P256K1", "ECDSA_SHA_256", []),
    ):
        key = make_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        public = written("public.der", kms.get_public_key(KeyId=key)["PublicKey"])
        signed = kms.sign(KeyId=key, Message=Path(message).read_bytes(), SigningAlgorithm=algorithm)["Signature"]
        digest = f"-sha{algorithm[-3:]}"
        check = ["dgst", digest, "-keyform", "DER", "-verify", public, *options, "-signature"]
        assert b"Verified OK" in openssl(*check, written("signature", signed), message), spec


def check_openssl_encrypts_for_a_key():
    key = make_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    public = written("public.der", kms.get_public_key(KeyId=key)["PublicKey"])
    padding = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"]
    plain = written("plain", b"for the key's owner")
    sealed = openssl("pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", public, *padding, "-in", plain)
    opened = kms.decrypt(KeyId=key, CiphertextBlob=sealed, EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    equal(opened["Plaintext"], b"for the key's owner")


def check_openssl_wraps_what_is_imported():
    key = make_key(Origin="EXTERNAL")
    refused(lambda: kms.encrypt(KeyId=key, Plaintext=b"x"), "KMSInvalidStateException", 400, "is pending import")
    given = kms.get_parameters_for_import(
        KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_3072"
    )
    padding = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"]
    public = written("wrapping.der", given["PublicKey"])
    material = written("material", os.urandom(32))
    wrapped = openssl("pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", public, *padding, "-in", material)
    token = given["ImportToken"]
    forever = "KEY_MATERIAL_DOES_NOT_EXPIRE"
    kms.import_key_material(KeyId=key, ImportToken=token, EncryptedKeyMaterial=wrapped, ExpirationModel=forever)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"kept")["CiphertextBlob"]
    kms.delete_imported_key_material(KeyId=key)
    refused(lambda: kms.decrypt(CiphertextBlob=sealed), "KMSInvalidStateException", 400, "is pending import")
    kms.import_key_material(KeyId=key, ImportToken=token, EncryptedKeyMaterial=wrapped, ExpirationModel=forever)
    equal(kms.decrypt(CiphertextBlob=sealed)["Plaintext"], b"kept")


def check_a_pair_of_data_keys_belongs_together():
    pair = kms.generate_data_key_pair(KeyId=make_key(), KeyPairSpec="ECC_NIST_P384")
    private = kms.decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"])["Plaintext"]
    equal(private, pair["PrivateKeyPlaintext"])
    public = openssl("pkey", "-inform", "DER", "-in", written("private.der", private), "-pubout", "-outform", "DER")
    equal(public, pair["PublicKey"])


def check_rotations_and_deletion_by_the_clock():
    key = make_key()
    sealed = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    advance(91 * DAY)
    kms.rotate_key_on_demand(KeyId=key)
    kinds = [each["RotationType"] for each in kms.list_key_rotations(KeyId=key)["Rotations"]]
    equal(kinds, ["AUTOMATIC", "ON_DEMAND"])
    equal(kms.decrypt(CiphertextBlob=sealed)["Plaintext"], b"old")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    refused(lambda: kms.decrypt(CiphertextBlob=sealed), "KMSInvalidStateException", 400, "is pending deletion")
    advance(8 * DAY)
    refused(lambda: kms.describe_key(KeyId=key), "NotFoundException", 400)


def check_paginators_turn_every_page():
    keys = {make_key() for _ in range(3)}
    pages = kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2})
    assert keys <= {each["KeyId"] for page in pages for each in page["Keys"]}
    for number in range(3):
        kms.create_alias(AliasName=f"alias/page-{number}", TargetKeyId=min(keys))
    pages = kms.get_paginator("list_aliases").paginate(KeyId=min(keys), PaginationConfig={"PageSize": 1})
    names = [each["AliasName"] for page in pages for each in page["Aliases"]]
    equal(names, ["alias/page-0", "alias/page-1", "alias/page-2"])


run(globals())
