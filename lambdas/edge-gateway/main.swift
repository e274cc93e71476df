import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try EdgeGateway(LakeServices(ofProcess: initialisation.environment), initialisation)
}
