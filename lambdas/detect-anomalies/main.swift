import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try DetectAnomalies(lake: Lake(.ofProcess(initialisation.environment)), initialisation)
}
