# The S3 Encryption Client for Ruby, unmodified: what it encrypts under a key of KMS, or under a key of its own, S3 never
# sees in the clear; a reader who may not use the key, or says another context, reads nothing.
# Source: https://docs.aws.amazon.com/amazon-s3-encryption-client/latest/developerguide/what-is-s3-encryption-client.html
require "aws-sdk-kms"
require "aws-sdk-s3"
require "json"

SECRET = "a text that nobody else shall read".freeze
BUCKET = "letters".freeze

def check(what, found, expected)
  raise "#{what}: #{found.inspect} is not #{expected.inspect}" unless expected === found

  puts "ok #{what}"
end

# The key's name is in what KMS has encrypted; Debian's client of KMS is too old to say it as well.
ANY_KEY = { kms_allow_decrypt_with_any_cmk: true }.freeze

def refused
  yield
  nil
rescue StandardError => e
  e.class.name
end

endpoint = ENV.fetch("AWS_ENDPOINT_URL")
place = { endpoint: endpoint, region: "us-east-1" }
s3 = Aws::S3::Client.new(**place, force_path_style: true)
kms = Aws::KMS::Client.new(**place)
s3.create_bucket(bucket: BUCKET)
key_id = kms.create_key.key_metadata.key_id

by_kms = Aws::S3::EncryptionV2::Client.new(
  client: s3, kms_client: kms, kms_key_id: key_id,
  key_wrap_schema: :kms_context, content_encryption_schema: :aes_gcm_no_padding, security_profile: :v2
)
by_kms.put_object(bucket: BUCKET, key: "kms", body: SECRET, kms_encryption_context: { "to" => "ann" })
stored = s3.get_object(bucket: BUCKET, key: "kms")
check "S3 sees no clear text", stored.body.read.include?("nobody"), false
check "the envelope names KMS", stored.metadata["x-amz-wrap-alg"], "kms+context"
check "the description is the context", JSON.parse(stored.metadata["x-amz-matdesc"])["to"], "ann"
back = by_kms.get_object(bucket: BUCKET, key: "kms", kms_encryption_context: { "to" => "ann" }, **ANY_KEY)
check "it comes back in the clear", back.body.read, SECRET
other = refused { by_kms.get_object(bucket: BUCKET, key: "kms", kms_encryption_context: { "to" => "bob" }, **ANY_KEY) }
check "another context is refused by the client", other, String

large = "0123456789abcdef" * 400_000
by_kms.put_object(bucket: BUCKET, key: "large", body: large)
check "a large body comes back as it was", by_kms.get_object(bucket: BUCKET, key: "large", **ANY_KEY).body.read == large, true
check "it is a tag longer", s3.head_object(bucket: BUCKET, key: "large").content_length, large.bytesize + 16

own_key = OpenSSL::PKey::RSA.new(2048)
by_own = Aws::S3::EncryptionV2::Client.new(
  client: s3, encryption_key: own_key, envelope_location: :instruction_file,
  key_wrap_schema: :rsa_oaep_sha1, content_encryption_schema: :aes_gcm_no_padding, security_profile: :v2
)
by_own.put_object(bucket: BUCKET, key: "own", body: SECRET)
check "its envelope lies beside it", s3.get_object(bucket: BUCKET, key: "own.instruction").body.read, /x-amz-key-v2/
check "a key of one's own opens it", by_own.get_object(bucket: BUCKET, key: "own").body.read, SECRET

s3.put_object(bucket: BUCKET, key: "kms", body: stored.body.tap(&:rewind).read.reverse, metadata: stored.metadata)
changed = refused { by_kms.get_object(bucket: BUCKET, key: "kms", kms_encryption_context: { "to" => "ann" }, **ANY_KEY) }
check "what was changed does not open", changed, String

kms.disable_key(key_id: key_id)
disabled = refused { by_kms.get_object(bucket: BUCKET, key: "large", **ANY_KEY) }
check "with the key disabled nothing opens", disabled, "Aws::KMS::Errors::DisabledException"
