#!/bin/sh
# Generates the certificates of the tests: all of them are valid from 2000 to 2100, except for the expired one.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/index.txt"
echo 1000 > "$work/serial"
cat > "$work/ca.cnf" <<CONFIG
[ca]
default_ca = default
[default]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = policy
unique_subject = no
[policy]
commonName = supplied
[authority]
basicConstraints = critical, CA:true
[local]
subjectAltName = DNS:localhost, IP:127.0.0.1
[other]
subjectAltName = DNS:other.example
CONFIG

# certificate NAME SUBJECT EXTENSIONS END SIGNER...
certificate() {
  name=$1 subject=$2 extensions=$3 end=$4
  shift 4
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$name.key" -out "$work/$name.csr" -subj "$subject"
  openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/$name.csr" -out "$name.pem" \
    -startdate 20000101000000Z -enddate "$end" -extensions "$extensions" "$@"
}

certificate authority "/CN=Test authority" authority 21000101000000Z -selfsign -keyfile authority.key
certificate self-signed "/CN=localhost" local 21000101000000Z -selfsign -keyfile self-signed.key
certificate local "/CN=localhost" local 21000101000000Z -cert authority.pem -keyfile authority.key
certificate other "/CN=other.example" other 21000101000000Z -cert authority.pem -keyfile authority.key
certificate expired "/CN=localhost" local 20010101000000Z -cert authority.pem -keyfile authority.key
rm authority.key
