import Lake
import LambdaRuntime

Lambda.run { initialisation in
    try BootstrapTables(.ofProcess(initialisation.environment), initialisation)
}
