package org.postbus.mailbox.directory;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Adds to the API description how changes of the directory are answered while Kafka is away (see {@link Answers}). */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ChangeDescription implements OASFilter {

    private static final Set<String> DIRECTORY = Set.of("domains", "accounts", "aliases");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.getPaths().getPathItems().values().forEach(item -> item.getOperations().forEach((method, operation) -> {
            if (method != PathItem.HttpMethod.GET && isOfDirectory(operation)) {
                accepted(operation.getResponses());
            }
        }));
    }

    private static boolean isOfDirectory(Operation operation) {
        return operation.getTags() != null && operation.getTags().stream().anyMatch(DIRECTORY::contains);
    }

    private static void accepted(APIResponses responses) {
        APIResponse answer = OASFactory.createAPIResponse()
                .description("Committed, but Kafka has not acknowledged it yet: the gateways learn of it later");
        Stream.of("200", "201").filter(responses::hasAPIResponse).findFirst()
                .ifPresent(done -> answer.setContent(responses.getAPIResponse(done).getContent()));
        responses.addAPIResponse("202", answer);
    }
}
