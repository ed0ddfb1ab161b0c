# shellcheck shell=bash
# The cluster's CA, its certificates and its administrator's token: made once, kept while the cluster exists.

certificate() { # NAME SUBJECT EXTENSIONS
  local name=$1 subject=$2 extensions=$3
  [ -s "$cluster_data/pki/$name.crt" ] && return 0
  openssl ecparam -genkey -name prime256v1 -noout -out "$cluster_data/pki/$name.key"
  openssl req -new -key "$cluster_data/pki/$name.key" -subj "$subject" -out "$cluster_data/pki/$name.csr"
  openssl x509 -req -in "$cluster_data/pki/$name.csr" -CA "$cluster_data/pki/ca.crt" -CAkey "$cluster_data/pki/ca.key" \
    -CAcreateserial -days 365 -sha256 -extfile <(echo "$extensions") -out "$cluster_data/pki/$name.crt.new"
  mv "$cluster_data/pki/$name.crt.new" "$cluster_data/pki/$name.crt"
}

cluster_certificates() {
  local pki=$cluster_data/pki
  mkdir -p "$pki"
  chmod 700 "$pki"
  if [ ! -s "$pki/ca.crt" ]; then
    openssl ecparam -genkey -name prime256v1 -noout -out "$pki/ca.key"
    openssl req -x509 -new -key "$pki/ca.key" -days 3650 -sha256 -subj '/CN=threeport-local-cluster' -out "$pki/ca.crt.new"
    mv "$pki/ca.crt.new" "$pki/ca.crt"
  fi
  certificate apiserver /CN=kube-apiserver "extendedKeyUsage=serverAuth
subjectAltName=IP:$cluster_address,IP:127.0.0.1,IP:$cluster_network.128.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  certificate kubelet "/CN=system:node:$cluster_node" "extendedKeyUsage=serverAuth
subjectAltName=IP:$cluster_address,DNS:$cluster_node"
  certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client extendedKeyUsage=clientAuth
  [ -s "$pki/service-accounts.key" ] || openssl genrsa -out "$pki/service-accounts.key" 2048
  [ -s "$pki/tokens.csv" ] || echo "$(openssl rand -hex 24),admin,admin,system:masters" >"$pki/tokens.csv"
}

# Everything in one file: the address, the CA, the token.
cluster_write_kubeconfig() {
  (umask 077 && cat >"$cluster_kubeconfig.new") <<EOF2
apiVersion: v1
kind: Config
current-context: threeport-local
contexts:
- name: threeport-local
  context: {cluster: threeport-local, user: admin}
clusters:
- name: threeport-local
  cluster:
    server: https://$cluster_address:$cluster_port
    certificate-authority-data: $(base64 -w0 "$cluster_data/pki/ca.crt")
users:
- name: admin
  user:
    token: $(cut -d, -f1 "$cluster_data/pki/tokens.csv")
EOF2
  [ -z "${SUDO_UID:-}" ] || chown "$SUDO_UID" "$cluster_kubeconfig.new"
  mv -f "$cluster_kubeconfig.new" "$cluster_kubeconfig"
}
