using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Threeport.Runtime;

namespace Threeport.Server.Storage;

/// <summary>How resources look in the database: as on the wire, lenient to fields that are gone, sensitive values encrypted.</summary>
internal static class StorageJson
{
    public static JsonSerializerOptions Create(DataKeys keys) =>
        ResourceJson.Create(strict: false, EncryptSensitive(keys));

    private static Action<JsonTypeInfo> EncryptSensitive(DataKeys keys) =>
        type =>
        {
            foreach (var property in type.Properties.Where(ResourceJson.IsSensitive))
            {
                var field = $"{type.Type.Name}.{property.Name}";
                var (get, set) = (property.Get!, property.Set!);
                property.Get = owner => get(owner) is string clear ? keys.Encrypt(clear, field) : null;
                property.Set = (owner, value) => set(owner, value is string text ? keys.Decrypt(text, field) : null);
            }
        };
}
