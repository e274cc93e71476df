import Lake
import LambdaRuntime
import Producers

Lambda.run { initialisation in
    try BootstrapTopics(LakeServices(ofProcess: initialisation.environment), initialisation)
}
