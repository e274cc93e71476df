import Lake
import LambdaRuntime

Lambda.run { initialisation in
    KinesisIngest(lake: try Lake(.ofProcess()), initialisation)
}
