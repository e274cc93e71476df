# Rejected: aws_apigatewayv2_api.this.body: /v1/readings: post has no responses
resource "aws_apigatewayv2_api" "this" {
  name          = "edge"
  protocol_type = "HTTP"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "edge", version = "1" }
    paths   = { "/v1/readings" = { post = { operationId = "sendReadings" } } }
  })
}
