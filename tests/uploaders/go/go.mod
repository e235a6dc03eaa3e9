module upload

go 1.21
