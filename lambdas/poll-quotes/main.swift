import Lake
import LambdaRuntime
import Producers

Lambda.run { initialisation in
    try PollQuotes(LakeServices(ofProcess: initialisation.environment), initialisation)
}
