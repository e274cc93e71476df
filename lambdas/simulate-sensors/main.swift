import Lake
import LambdaRuntime
import Producers

Lambda.run { initialisation in
    try SimulateSensors(LakeServices(ofProcess: initialisation.environment), initialisation)
}
