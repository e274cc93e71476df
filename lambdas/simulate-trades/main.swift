import Lake
import LambdaRuntime
import Producers

Lambda.run { initialisation in
    try SimulateTrades(LakeServices(ofProcess: initialisation.environment), initialisation)
}
