#!/bin/sh
# Copies the font Inter, as its npm package brings it, into a folder: inter.css and files/.
set -e
package=node_modules/@fontsource-variable/inter
mkdir -p "$1/files"
cp $package/index.css "$1/inter.css"
cp $package/files/inter-*-wght-normal.woff2 "$1/files/"
