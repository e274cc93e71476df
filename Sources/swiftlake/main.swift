print("swiftlake")
