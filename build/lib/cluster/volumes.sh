#!/usr/bin/env bash
# Volumes for claims of the storage class "local": a folder each, made when it is claimed, removed when it is no longer. What a
# cluster elsewhere has from its provider.
#
#   volumes.sh KUBECTL KUBECONFIG FOLDER    runs until it is stopped
set -uo pipefail
provisioner=threeport.local/folder
program=$1 kubeconfig=$2 folder=$3

ask() { timeout 30 "$program" --kubeconfig "$kubeconfig" --request-timeout=10s "$@"; }

storage_class() {
  ask apply -f - <<EOF
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: local
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: $provisioner
reclaimPolicy: Delete
volumeBindingMode: Immediate
EOF
}

provide() { # NAMESPACE NAME UID SIZE
  install -d -m 777 "$folder/pvc-$3"
  ask apply -f - <<EOF
apiVersion: v1
kind: PersistentVolume
metadata:
  name: pvc-$3
  annotations: {pv.kubernetes.io/provisioned-by: $provisioner}
spec:
  storageClassName: local
  capacity: {storage: $4}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: $1, name: $2, uid: $3}
  hostPath: {path: $folder/pvc-$3, type: Directory}
EOF
}

sweep() {
  local class namespace name id size
  ask get persistentvolumeclaims --all-namespaces -o 'jsonpath={range .items[?(@.status.phase=="Pending")]}{.spec.storageClassName} {.metadata.namespace} {.metadata.name} {.metadata.uid} {.spec.resources.requests.storage}{"\n"}{end}' |
    while read -r class namespace name id size; do
      [ "$class" != local ] || [ -d "$folder/pvc-$id" ] || provide "$namespace" "$name" "$id" "$size" || rm -rf "$folder/pvc-$id"
    done
  ask get persistentvolumes -o 'jsonpath={range .items[?(@.status.phase=="Released")]}{.spec.storageClassName} {.metadata.name}{"\n"}{end}' |
    while read -r class name; do
      [ "$class" = local ] || continue
      rm -rf "${folder:?}/$name"
      ask delete persistentvolume "$name" --wait=false
    done
}

mkdir -p "$folder"
until storage_class; do sleep 1; done
while :; do
  # Each change of a claim or a volume is a line; the watches end by themselves after a while, or with the API server.
  {
    timeout 300 "$program" --kubeconfig "$kubeconfig" get persistentvolumeclaims --all-namespaces --watch --no-headers &
    timeout 300 "$program" --kubeconfig "$kubeconfig" get persistentvolumes --watch --no-headers &
    echo
    wait
  } 2>/dev/null | while read -r _; do sweep; done
  sleep 1
done
