/// A function that does nothing: what remains is the runtime.
import LambdaRuntime

Lambda.run { (_: RawEvent, _) in .null }
