# shellcheck shell=bash
# The node: a bridge, containerd, kubelet, kube-proxy, and the images that no registry has to serve.

containerd_ready() { cluster_ctr version >/dev/null 2>&1; }

node_ready() {
  [ "$(cluster_kubectl get node "$cluster_node" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]
}

# The bridge carries the address that the API server and kubelet listen on, so it is there before the first pod.
start_bridge() {
  ip link show "$cluster_bridge" >/dev/null 2>&1 || ip link add "$cluster_bridge" type bridge
  ip -o -4 address show dev "$cluster_bridge" | grep " $cluster_address/" >/dev/null || ip address add "$cluster_address/17" dev "$cluster_bridge"
  ip link set "$cluster_bridge" up
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

# Folders outside the cluster's own that its processes make: those that were not there before go with the cluster.
claim_folders() {
  local folder
  [ ! -e "$cluster_data/claimed" ] || return 0
  for folder in /var/lib/kubelet /var/log/pods /var/log/containers /var/lib/cni /opt/containerd /run/containerd /var/lib/kube-proxy; do
    [ -e "$folder" ] || echo "$folder"
  done >"$cluster_data/claimed.new"
  mv "$cluster_data/claimed.new" "$cluster_data/claimed"
}

write_node_settings() {
  mkdir -p "$cluster_data/cni"
  cat >"$cluster_data/cni/10-threeport.conflist" <<EOF2
{"cniVersion": "0.4.0", "name": "threeport", "plugins": [
  {"type": "bridge", "bridge": "$cluster_bridge", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$cluster_data/addresses", "ranges": [[{"subnet": "$cluster_pods"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
EOF2
  cat >"$cluster_data/containerd.toml" <<EOF2
version = 2
root = "$cluster_data/containerd"
state = "$cluster_data/containerd-state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$cluster_data/cni"
EOF2
  cat >"$cluster_data/kubelet.yaml" <<EOF2
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $cluster_address
port: $kubelet_port
healthzPort: $kubelet_health_port
tlsCertFile: $cluster_data/pki/kubelet.crt
tlsPrivateKeyFile: $cluster_data/pki/kubelet.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $cluster_data/pki/ca.crt}}
authorization: {mode: AlwaysAllow}
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /
enforceNodeAllocatable: []
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
volumePluginDir: $cluster_data/volume-plugins
resolvConf: /etc/resolv.conf
EOF2
}

start_containerd() {
  write_node_settings
  process_start containerd "$cluster_data" containerd --config "$cluster_data/containerd.toml"
  eventually 30 containerd_ready || component_failed containerd
  local names
  names=$(cluster_ctr images list -q)
  grep -qx localhost/pause:1 <<<"$names" || load_pause
  grep -qx localhost/busybox:1 <<<"$names" || load_busybox
}

start_node() {
  process_start kubelet "$cluster_data" "$kubernetes/kubelet" --kubeconfig "$cluster_kubeconfig" --config "$cluster_data/kubelet.yaml" \
    --root-dir "$cluster_data/kubelet" --cert-dir "$cluster_data/certs" --hostname-override "$cluster_node" --node-ip "$cluster_address" \
    --container-runtime remote --container-runtime-endpoint "unix://$containerd_socket"
  process_start kube-proxy "$cluster_data" "$kubernetes/kube-proxy" --kubeconfig "$cluster_kubeconfig" --hostname-override "$cluster_node" \
    --cluster-cidr "$cluster_pods" --conntrack-max-per-core 0 \
    --healthz-bind-address "127.0.0.1:$proxy_health_port" --metrics-bind-address "127.0.0.1:$proxy_metrics_port"
  eventually 90 node_ready || component_failed kubelet
}

start_volumes() {
  process_start volumes "$cluster_data" bash "$lib/cluster/volumes.sh" "$kubernetes/kubectl" "$cluster_kubeconfig" "$cluster_data/volumes"
}

# The process that holds a pod's namespaces: a shell that waits, and reaps what it is left with.
load_pause() {
  local folder
  folder=$(mktemp -d)
  install -D -m 755 /bin/busybox "$folder/bin/busybox"
  ln -s busybox "$folder/bin/sh"
  chmod 755 "$folder"
  image_pack "$cluster_data/pause.tar" localhost/pause:1 "$folder" \
    '{"Entrypoint":["/bin/sh","-c","trap \"exit 0\" TERM INT; while :; do /bin/busybox sleep 2147483 & wait; done"],"Env":["PATH=/bin"]}'
  cluster_ctr images import "$cluster_data/pause.tar"
  rm -rf "$folder" "$cluster_data/pause.tar"
}

load_busybox() {
  local folder
  folder=$(mktemp -d)
  mkdir -p "$folder"/{bin,etc,tmp,www}
  install -m 755 /bin/busybox "$folder/bin/busybox"
  /bin/busybox --list | while read -r applet; do [ "$applet" = busybox ] || ln -s busybox "$folder/bin/$applet"; done
  printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$folder/etc/passwd"
  chmod 755 "$folder"
  chmod 1777 "$folder/tmp"
  image_pack "$cluster_data/busybox.tar" localhost/busybox:1 "$folder" '{"Cmd":["sh"],"Env":["PATH=/bin"]}'
  cluster_ctr images import "$cluster_data/busybox.tar"
  rm -rf "$folder" "$cluster_data/busybox.tar"
}
