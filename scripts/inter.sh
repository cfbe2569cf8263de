#!/bin/sh
# Copies the font Inter, as its npm package brings it, into a folder: inter.css and files/.
# A page keeps the font it was first painted with, so nothing moves when Inter comes late.
set -e
package=node_modules/@fontsource-variable/inter
mkdir -p "$1/files"
sed "s/font-display: swap/font-display: optional/" $package/index.css > "$1/inter.css"
cp $package/files/inter-*-wght-normal.woff2 "$1/files/"
