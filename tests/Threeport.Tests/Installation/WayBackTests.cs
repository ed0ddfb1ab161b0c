using System.Text.Json.Nodes;
using Threeport.Installation;

namespace Threeport.Tests.Installation;

public sealed class WayBackTests
{
    [Test]
    public void What_is_kept_of_an_object_is_what_was_wanted_of_it()
    {
        var live = JsonNode.Parse(
            """
            {
              "apiVersion": "apps/v1", "kind": "StatefulSet",
              "metadata": {"name": "nats", "namespace": "threeport-prod", "uid": "1", "resourceVersion": "7",
                "generation": 3, "labels": {"a": "b"}, "annotations": {"x": "y"}, "managedFields": [{}]},
              "spec": {
                "replicas": 3,
                "template": {"metadata": {"creationTimestamp": null, "labels": {"a": "b"}}, "spec": {"containers": [{"image": "i:1"}]}},
                "volumeClaimTemplates": [{"metadata": {"name": "data", "creationTimestamp": null}, "spec": {}, "status": {"phase": "Pending"}}]
              },
              "status": {"replicas": 3}
            }
            """
        )!;
        var stated = WayBack.Stated(live.AsObject());
        Assert.That(
            JsonNode.DeepEquals(
                stated,
                JsonNode.Parse(
                    """
                    {
                      "apiVersion": "apps/v1", "kind": "StatefulSet",
                      "metadata": {"name": "nats", "namespace": "threeport-prod", "labels": {"a": "b"}},
                      "spec": {
                        "replicas": 3,
                        "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"image": "i:1"}]}},
                        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {}}]
                      }
                    }
                    """
                )
            ),
            stated.ToJsonString()
        );
    }
}
