{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}
{{- /* For the whole cluster the namespace is fixed: the webhook configurations, which exempt the
operators' account by name, and the trust policies of users name it. */ -}}
{{- define "namespace" -}}
{{- if eq .Values.scope "namespaced" }}{{ .Values.namespace }}{{ else }}sagemaker-k8s-operator-system{{ end }}
{{- end }}

{{- define "gate" -}}
{{- if and .Values.gate.enabled (eq .Values.scope "cluster") }}yes{{ end }}
{{- end }}

{{- define "image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}

{{- define "operators.labels" -}}
app.kubernetes.io/name: kube-sagemaker
app.kubernetes.io/component: operators
{{- end }}

{{- define "gate.labels" -}}
app.kubernetes.io/name: kube-sagemaker
app.kubernetes.io/component: gate
{{- end }}
