output "url" {
  description = "Where devices send their readings to, without a slash at its end: URL/v1/readings."
  value       = aws_apigatewayv2_api.this.api_endpoint
  depends_on  = [aws_apigatewayv2_stage.this, aws_lambda_permission.this]
}

output "api_id" {
  description = "Id of the API, which its metrics are by."
  value       = aws_apigatewayv2_api.this.id
}
