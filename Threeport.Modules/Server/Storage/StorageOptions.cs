using System.Text.Json;

namespace Threeport.Server.Storage;

/// <summary>What the storage needs to know.</summary>
/// <param name="Json">How resources look in the database.</param>
internal sealed record StorageOptions(JsonSerializerOptions Json);
