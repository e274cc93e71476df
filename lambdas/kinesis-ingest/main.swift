import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try KinesisIngest(lake: Lake(.ofProcess(initialisation.environment)), initialisation)
}
