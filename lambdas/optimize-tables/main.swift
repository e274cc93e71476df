import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try OptimizeTables(lake: Lake(.ofProcess(initialisation.environment)), initialisation)
}
