import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try KafkaIngest(lake: Lake(.ofProcess(initialisation.environment)), initialisation)
}
