# SPDX-License-Identifier: Apache-2.0
"""A fake AWS for tests: SageMaker as AWS behaves, other services by moto, behind one URL.

    with FakeAWS() as aws:                              # AWS_ENDPOINT_URL is aws.url
        aws.plan("train-*", seconds=30, end="Failed", reason="AlgorithmError: no data")
        aws.refuse("CreateTrainingJob", code="ThrottlingException", times=3)
        aws.refuse("CreateTrainingJob", lost_answer=True)
        ...                                             # the code under test, with any boto3 client
        aws.advance(30)
        assert aws.created("TrainingJob") == {"train-1": 1}
        assert aws.running("TrainingJob") == set()

The source of a behaviour stands beside its code; so does where words are our own.
"""

from tests.aws.fake import FakeAWS

__all__ = ["FakeAWS"]
