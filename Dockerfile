# SPDX-License-Identifier: Apache-2.0
# The gate. Two stages: the wheel and its locked dependencies, then nothing but them.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /app && /app/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY webhook webhook
COPY schemas schemas
COPY certs certs
COPY controller controller
COPY docs/rules docs/rules
RUN /app/bin/pip install --no-cache-dir build hatchling==1.33.0 \
 && /app/bin/python -m build --wheel --no-isolation --outdir /dist \
 && /app/bin/pip uninstall --yes build hatchling pyproject_hooks \
 && /app/bin/pip install --no-cache-dir --no-deps /dist/*.whl

FROM python:3.11-slim
COPY --from=build /app /app
# no home, no shell needed, nothing written: the root file system may be read-only
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 65532:65532
EXPOSE 8443
ENTRYPOINT ["/app/bin/kube-sagemaker"]
CMD ["--help"]
