# lake.json, as the functions read it.
#
# Its name is the hash of its content: another content is another object, and the functions' LAKE_DEFINITION changes with
# it. A function that has not been updated yet starts with the old name, so the old object must outlast the update. It
# does: create_before_destroy puts the new one first, everything that uses the output `names` (all functions) is updated
# next, and only then is the old one deleted, by this apply or, if that fails half way, by the next.
#
# The provider deletes an object with all its versions. Going back is therefore an apply of the lake.json before, from
# version control: it has the hash it had, and so the address it had. The same holds for the functions' zips.

resource "aws_s3_object" "definition" {
  bucket             = aws_s3_bucket.this["artefacts"].id
  key                = var.definition_key
  content            = var.definition
  content_type       = "application/json"
  kms_key_id         = var.key_arn
  bucket_key_enabled = true
  tags               = merge(var.tags, { layer = "operations", classification = "internal" })

  depends_on = [aws_s3_bucket_versioning.this, aws_s3_bucket_policy.this, aws_s3_bucket_server_side_encryption_configuration.this]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = strcontains(var.definition_key, sha256(var.definition))
      error_message = "definition_key: it must hold the SHA-256 of the definition; functions take an address for a content."
    }
  }
}
