# The devices' API: an HTTP API before edge-gateway. docs/edge-api.yaml says what goes over it.
#
# TLS 1.2 and its certificate are API Gateway's. AWS WAF cannot be put before an HTTP API: what keeps a flood away are the
# throttle here, the function's own one for each device, and its reserved concurrency. No browser calls it: no CORS.

locals {
  tags = merge(var.tags, { layer = "edge", classification = "internal" })

  # All there is. Any other path or method ends at API Gateway with 404, and costs no invocation.
  routes = {
    readings = { method = "POST", path = "/v1/readings" }
    health   = { method = "GET", path = "/v1/health" }
  }
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  description   = "Readings of devices."
  protocol_type = "HTTP"
  tags          = local.tags
}

resource "aws_apigatewayv2_integration" "this" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = "${var.lambda_arn}:path/2015-03-31/functions/${var.function_arn}/invocations"
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes
  #checkov:skip=CKV_AWS_309:Devices hold no keys of AWS. The function checks a token that each device signs over its request's own body, which an authorizer cannot see.

  api_id    = aws_apigatewayv2_api.this.id
  route_key = "${each.value.method} ${each.value.path}"
  target    = "integrations/${aws_apigatewayv2_integration.this.id}"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.rate
    throttling_burst_limit = var.burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    # Who sent what, how it ended and how long it took. No header, path or query: a token could stand in each. The
    # function's log has the same requestId.
    format = jsonencode({
      requestId          = "$context.requestId"
      requestTime        = "$context.requestTime"
      sourceIp           = "$context.identity.sourceIp"
      protocol           = "$context.protocol"
      routeKey           = "$context.routeKey"
      status             = "$context.status"
      responseLength     = "$context.responseLength"
      responseLatency    = "$context.responseLatency"
      integrationLatency = "$context.integrationLatency"
      integrationStatus  = "$context.integrationStatus"
      error              = "$context.error.responseType"
      integrationError   = "$context.integrationErrorMessage"
    })
  }

  tags = local.tags

  # Otherwise a deployment without routes would be the first.
  depends_on = [aws_apigatewayv2_route.this]
}

# Under /aws/vendedlogs/, where one entry of the account's resource policy for log deliveries serves all.
resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/vendedlogs/http-api/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
  # The address of a device may tell of whoever has it.
  tags = merge(local.tags, { classification = "personal-data" })
}

# This API and no other, on its routes.
resource "aws_lambda_permission" "this" {
  for_each = local.routes

  statement_id  = "edge-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = var.function_name
  principal     = "apigateway.amazonaws.com"
  # AWS makes up the API's id; the asterisk is the stage.
  source_arn = "${var.execute_arn}:${aws_apigatewayv2_api.this.id}/*/${each.value.method}${each.value.path}"
}
