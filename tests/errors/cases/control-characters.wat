(module (func $))
