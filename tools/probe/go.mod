module trackly/tools/probe

go 1.26.8
