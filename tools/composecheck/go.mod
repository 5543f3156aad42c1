// Reads docker-compose.yml with the library that Docker itself uses. A module of its
// own, so that the library's requirements never reach the product.
module trackly/tools/composecheck

go 1.26.8

require github.com/compose-spec/compose-go/v2 v2.16.2 // indirect
