import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try KafkaElastic(lake: Lake(.ofProcess(initialisation.environment)), initialisation)
}
