# SPDX-License-Identifier: Apache-2.0
"""`kubectl smlogs`, with a real API server and a real kubectl, and moto's CloudWatch."""
