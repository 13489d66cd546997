package org.postbus.rest;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to the API description what holds for every operation: the token, and the problems that any can answer. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {

    private static final String PROBLEM = "Problem";
    private static final String TOKEN = "adminToken";
    private static final Set<PathItem.HttpMethod> CHANGES =
            EnumSet.of(PathItem.HttpMethod.POST, PathItem.HttpMethod.PATCH, PathItem.HttpMethod.PUT);

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().addSchema(PROBLEM, problem());
        api.getComponents().addSecurityScheme(TOKEN, OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP).scheme("bearer").description("The token of the file postbus.admin-token-file"));
        if (api.getPaths() == null) {
            return;
        }
        api.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith(RequestGate.ADMIN)) {
                item.getOperations().forEach((method, operation) -> complete(path, method, operation));
            }
        });
    }

    private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
        operation.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme(TOKEN)));
        operation.getResponses().getAPIResponses().forEach((status, answer) -> {
            if (status.startsWith("4") || status.startsWith("5")) {
                answer.setContent(content());
            }
        });
        EnumSet<ProblemType> problems = EnumSet.of(ProblemType.UNAUTHORIZED, ProblemType.CROSS_ORIGIN,
                ProblemType.INTERNAL, ProblemType.UNAVAILABLE);
        if (path.contains("{")) {
            problems.add(ProblemType.NOT_FOUND);
        }
        if (CHANGES.contains(method)) {
            problems.addAll(EnumSet.of(ProblemType.BAD_JSON, ProblemType.BODY_TOO_LARGE,
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.INVALID));
        } else if (operation.getParameters() != null && operation.getParameters().stream()
                .anyMatch(parameter -> parameter.getIn() == Parameter.In.QUERY)) {
            problems.addAll(EnumSet.of(ProblemType.BAD_PARAMETER, ProblemType.INVALID));
        }
        problems.forEach(problem -> add(operation, problem));
    }

    private static void add(Operation operation, ProblemType problem) {
        String status = Integer.toString(problem.status());
        if (!operation.getResponses().hasAPIResponse(status)) {
            APIResponse answer = OASFactory.createAPIResponse().description(problem.title()).content(content());
            operation.getResponses().addAPIResponse(status, answer);
        }
    }

    private static Content content() {
        return OASFactory.createContent().addMediaType(Problem.MEDIA_TYPE,
                OASFactory.createMediaType().schema(OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM)));
    }

    private static Schema problem() {
        Map<String, Schema> fields = Map.of(
                "type", text("Stable name of the kind of problem: " + List.of(ProblemType.values()).stream()
                        .map(ProblemType::uri).collect(Collectors.joining(", "))),
                "title", text("What kind of problem it is"),
                "detail", text("What is wrong this time"),
                "status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER).description("The HTTP status"));
        return OASFactory.createSchema().addType(Schema.SchemaType.OBJECT).description("What went wrong (RFC 9457)")
                .properties(fields).required(List.of("type", "title", "status", "detail"));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
    }
}
