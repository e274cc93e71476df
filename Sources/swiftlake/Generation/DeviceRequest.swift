internal import JSON
internal import Lake

/// A request of a device, as API Gateway hands it to edge-gateway.
struct DeviceRequest {
    let token: DeviceToken
    /// As it is sent; what begins as gzip does is sent as gzip, and what is no JSON object or array as lines of JSON.
    let body: [UInt8]
    /// Seconds since the epoch.
    let now: Int64

    /// The event's text.
    var event: String {
        let isCompressed = body.starts(with: [0x1F, 0x8B])
        let isText = !isCompressed && String(validating: body, as: UTF8.self) != nil
        let isOneValue = isCompressed || (try? JSONValue(parsing: body)) != nil
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("version", "2.0")
            writer.member("routeKey", "$default")
            writer.member("rawPath", "/v1/readings")
            writer.member("rawQueryString", "")
            writer.member("headers") { writer in
                writer.object { writer in
                    writer.member("authorization", "Bearer \(token.text)")
                    if isCompressed { writer.member("content-encoding", "gzip") }
                    writer.member("content-length", "\(body.count)")
                    writer.member("content-type", isOneValue ? "application/json" : "application/x-ndjson")
                }
            }
            writer.member("requestContext") { writer in
                writer.object { writer in
                    writer.member("accountId", "123456789012")
                    writer.member("apiId", "example")
                    writer.member("http") { writer in
                        writer.object { writer in
                            writer.member("method", "POST")
                            writer.member("path", "/v1/readings")
                            writer.member("protocol", "HTTP/1.1")
                            writer.member("sourceIp", "192.0.2.1")
                        }
                    }
                    writer.member("requestId", "device-request")
                    writer.member("stage", "$default")
                    writer.member("timeEpoch", now * 1000)
                }
            }
            writer.member("body", isText ? String(decoding: body, as: UTF8.self) : Base64.encode(body))
            writer.member("isBase64Encoded", !isText)
        }
        return writer.text
    }
}
