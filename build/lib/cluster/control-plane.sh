# shellcheck shell=bash
# etcd, kube-apiserver, kube-controller-manager and kube-scheduler.

cluster_ready() { cluster_kubectl get --raw /readyz >/dev/null 2>&1; }

etcd_ready() { (exec 5<>"/dev/tcp/127.0.0.1/$etcd_port") 2>/dev/null; }

start_control_plane() {
  local pki=$cluster_data/pki
  process_start etcd "$cluster_data" "$kubernetes/etcd" --name local --data-dir "$cluster_data/etcd" \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$etcd_peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$etcd_peer_port" \
    --initial-cluster "local=http://127.0.0.1:$etcd_peer_port" --unsafe-no-fsync
  eventually 30 etcd_ready || component_failed etcd
  process_start kube-apiserver "$cluster_data" "$kubernetes/kube-apiserver" \
    --etcd-servers "http://127.0.0.1:$etcd_port" --bind-address "$cluster_address" --advertise-address "$cluster_address" \
    --secure-port "$cluster_port" --insecure-port 0 --cert-dir "$cluster_data/certs" \
    --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" --client-ca-file "$pki/ca.crt" \
    --kubelet-client-certificate "$pki/kubelet-client.crt" --kubelet-client-key "$pki/kubelet-client.key" \
    --kubelet-certificate-authority "$pki/ca.crt" --kubelet-preferred-address-types InternalIP \
    --token-auth-file "$pki/tokens.csv" --authorization-mode Node,RBAC --allow-privileged=true \
    --service-cluster-ip-range "$cluster_services" --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$pki/service-accounts.key" --service-account-signing-key-file "$pki/service-accounts.key"
  eventually 90 cluster_ready || component_failed kube-apiserver
  process_start kube-controller-manager "$cluster_data" "$kubernetes/kube-controller-manager" --kubeconfig "$cluster_kubeconfig" \
    --bind-address 127.0.0.1 --secure-port "$controllers_port" --port 0 --cert-dir "$cluster_data/certs" --leader-elect=false \
    --service-account-private-key-file "$pki/service-accounts.key" --root-ca-file "$pki/ca.crt" --use-service-account-credentials=true
  process_start kube-scheduler "$cluster_data" "$kubernetes/kube-scheduler" --kubeconfig "$cluster_kubeconfig" \
    --bind-address 127.0.0.1 --secure-port "$scheduler_port" --port 0 --cert-dir "$cluster_data/certs" --leader-elect=false
}

component_failed() {
  echo "$1 did not become ready. The end of $cluster_data/$1.log:" >&2
  tail -20 "$cluster_data/$1.log" >&2
  exit 1
}
