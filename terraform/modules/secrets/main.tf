# Empty containers: the values are put by hand, and so never come into Terraform's state, a plan, or version control.
#
#     aws secretsmanager put-secret-value --secret-id NAME --secret-string file://value
#
# Functions read a secret when they start, and again after five minutes or when it is refused: a new value needs no deployment.

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:Rotation by Lambda needs a way to make a new value. CoinAPI, Alpaca and Elastic give keys out to people only, and devices must be given theirs before the master changes. A new value is taken within five minutes.
  for_each = var.names

  name                    = each.value
  description             = local.contents[each.key]
  kms_key_id              = var.key_arn
  recovery_window_in_days = var.recovery_days
  tags                    = merge(var.tags, { layer = "operations", classification = "secret" })
}

locals {
  # What to put into each, and in which form.
  contents = {
    "coinapi"       = "Key of CoinAPI, which refresh-assets asks for logos: the key as plain text, or {\"apiKey\": \"...\"}."
    "alpaca"        = "Key of Alpaca, which poll-quotes signs in with: {\"keyId\": \"...\", \"secretKey\": \"...\"}."
    "elastic"       = "What kafka-elastic signs in at Elasticsearch with: an API key as it encodes it or as id:key, {\"apiKey\": \"...\"}, or {\"username\": \"...\", \"password\": \"...\"}."
    "device-master" = "Master secret that the devices' keys are made from, as plain text of 32 bytes or more; openssl rand -hex 32 makes one."
  }
}
