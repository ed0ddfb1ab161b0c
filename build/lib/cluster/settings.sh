# shellcheck shell=bash
# Where the local cluster is and which ports it takes: a bridge of its own, nothing on the machine's other addresses.

cluster_data=${THREEPORT_CLUSTER_DATA:-/var/lib/threeport-cluster}
cluster_port=${THREEPORT_CLUSTER_PORT:-16443}
cluster_network=${THREEPORT_CLUSTER_NETWORK:-10.86}
cluster_bridge=${THREEPORT_CLUSTER_BRIDGE:-threeport0}
cluster_node=local
cluster_address=$cluster_network.0.1
cluster_pods=$cluster_network.0.0/17
cluster_services=$cluster_network.128.0/17
cluster_kubeconfig=$cluster_data/kubeconfig
containerd_socket=$cluster_data/containerd.sock

# A port each, counted from the API server's.
etcd_port=$((cluster_port + 1))
etcd_peer_port=$((cluster_port + 2))
controllers_port=$((cluster_port + 3))
scheduler_port=$((cluster_port + 4))
kubelet_port=$((cluster_port + 5))
kubelet_health_port=$((cluster_port + 6))
proxy_health_port=$((cluster_port + 7))
proxy_metrics_port=$((cluster_port + 8))

cluster_kubectl() { timeout 30 "$kubernetes/kubectl" --kubeconfig "$cluster_kubeconfig" --request-timeout=10s "$@"; }
cluster_ctr() { timeout 120 ctr --address "$containerd_socket" --namespace k8s.io "$@"; }
