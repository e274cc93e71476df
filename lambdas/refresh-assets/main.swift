import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try RefreshAssets(lake: Lake(.ofProcess(initialisation.environment)), initialisation)
}
